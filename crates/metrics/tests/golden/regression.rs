// Written by golden.py with NumPy 2.4.6. Do not edit; to write it again:
// python crates/metrics/tests/golden.py

// scikit-learn 1.9.1
use super::{NumberScores, Numbers};

pub(crate) const EVEN: Numbers = Numbers {
    predictions: &[
        -15.57, -11.36, -5.14, 9.29, -10.53, -0.75, -3.76, 10.32, -8.91, 7.7, 0.35, 5.32, 3.02,
        -5.32, 14.94, -4.63, -3.95, -34.79, 1.17, 900.0,
    ],
    targets: &[
        -16.38, -11.09, -1.29, 12.55, -4.49, -7.98, -6.78, 7.68, -13.02, 2.8, -2.46, 1.83, -6.27,
        2.04, 14.67, -1.66, -3.7, -24.3, 5.92, -5.19,
    ],
    weights: &[
        1.0, 2.0, 0.0, 2.0, 0.0, 1.0, 2.0, 2.0, 1.0, 2.0, 2.0, 2.0, 0.0, 0.0, 2.0, 1.0, 1.0, 1.0,
        1.0, 0.0,
    ],
    unweighted: NumberScores {
        r2: -483.9769898229026,
        mean_absolute_error: 49.15,
        mean_squared_error: 40992.14853,
        root_mean_squared_error: 202.46517856164797,
        median_absolute_error: 3.67,
    },
    weighted: NumberScores {
        r2: 0.8501347188030236,
        mean_absolute_error: 3.1273913043478263,
        mean_squared_error: 15.356795652173915,
        root_mean_squared_error: 3.918774764154469,
        median_absolute_error: 3.0200000000000005,
    },
};

pub(crate) const ODD: Numbers = Numbers {
    predictions: &[
        -3.93, 3.48, 12.77, 7.19, -4.19, 1.25, 18.33, -5.94, 22.08, 2.0, -2.01, -3.85, 0.05, 15.35,
        18.85, 2.52, 7.72, 3.48, -17.54, 16.85, 900.0,
    ],
    targets: &[
        -3.21, 0.61, 16.59, -0.16, -3.92, 2.62, 9.5, -2.85, 19.57, 4.42, -0.84, -3.75, 1.3, 8.45,
        13.39, 3.68, -2.89, 2.54, -17.94, 14.14, 11.36,
    ],
    weights: &[
        0.0, 2.0, 2.152, 0.366, 2.392, 0.0, 0.303, 1.949, 2.516, 2.591, 0.0, 2.779, 2.56, 1.52,
        1.411, 0.0, 2.899, 2.266, 2.873, 1.351, 0.0,
    ],
    unweighted: NumberScores {
        r2: -524.1929841274524,
        mean_absolute_error: 45.361428571428576,
        mean_squared_error: 37622.03388095238,
        root_mean_squared_error: 193.96400150788904,
        median_absolute_error: 2.509999999999998,
    },
    weighted: NumberScores {
        r2: 0.8100207198456968,
        mean_absolute_error: 3.06779817088449,
        mean_squared_error: 18.738146341768978,
        root_mean_squared_error: 4.328758059971587,
        median_absolute_error: 2.509999999999998,
    },
};

pub(crate) const EQUAL: Numbers = Numbers {
    predictions: &[-2.63, 1.52, 3.23, -0.39, 4.62, 900.0],
    targets: &[2.5, 2.5, 2.5, 2.5, 2.5, 2.5],
    weights: &[0.0, 2.0, 1.21, 0.476, 0.267, 0.0],
    unweighted: NumberScores {
        r2: 0.0,
        mean_absolute_error: 151.55833333333334,
        mean_squared_error: 134257.81778333333,
        root_mean_squared_error: 366.4120873870475,
        median_absolute_error: 2.505,
    },
    weighted: NumberScores {
        r2: 0.0,
        mean_absolute_error: 1.2104679989881104,
        mean_squared_error: 1.9583135340247912,
        root_mean_squared_error: 1.3993975611043459,
        median_absolute_error: 0.98,
    },
};
