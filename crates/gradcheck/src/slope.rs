//! The slope of a function along one of its entries, from function values alone.
//!
//! Five equidistant points give four slopes, and these give three bends:
//!
//! ```text
//! points   x-h       x-h/2       x       x+h/2       x+h
//! slopes        s0          s1       s2         s3
//! bends              s1-s0     s2-s1     s3-s2
//!
//! slope    (4 * D(h/2) - D(h)) / 3     where D(h) = (f(x+h) - f(x-h)) / (2h)
//! spread   largest bend - smallest bend
//! ```
//!
//! The slope is Richardson's combination of two central differences: its error decreases with h^4. The
//! bends of a smooth function are nearly equal (their spread decreases with h^2). A kink between the points
//! makes one bend differ from the others, and changes the slope by at most half the spread, wherever the
//! kink is. So half the spread bounds the error, with or without a kink. If the bound is too large, the
//! window becomes narrower. A kink near the point is then outside the window, and only a kink at the point
//! itself (or closer than rounding can resolve) remains.

/// The factor by which the next window is narrower.
const ZOOM: f64 = 8.0;

/// The smallest width of a window, relative to max(1, |x|): in a narrower one, points would coincide.
const NARROWEST: f64 = 1e-11;

/// The rounding error of a function value, relative to the numbers it is computed from, for a few operations
/// with each.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// A slope computed from function values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slope {
    /// The slope; at a kink, the mean of the least and the greatest slope around it.
    pub(crate) value: f64,
    /// The largest distance of the true slope (at a kink: of any subgradient) from `value`.
    pub(crate) uncertainty: f64,
    /// Whether the function is smooth here, within the tolerance.
    pub(crate) smooth: bool,
}

/// Measures the slopes of a function around a point.
///
/// The function is a list of terms whose sum is its value. The terms that do not depend on an entry cancel
/// exactly, where the rounding error of their sum could be larger than a small slope.
pub(crate) struct Slopes {
    step: f64,
    tolerance: f64,
    hidden: f64,
    /// The terms at the five points. Those in the middle do not change.
    terms: [Vec<f64>; 5],
}

/// The results of the five points around `x`.
struct Window {
    slope: f64,
    least: f64,
    greatest: f64,
    /// Half the spread of the bends: a bound of the error of the slope due to curvature and kinks.
    bending: f64,
    /// The change of the slope next to a kink: a kink does not affect both the first and the last bend.
    curvature: f64,
    /// A bound of the error of the slope due to rounding.
    rounding: f64,
}

impl Slopes {
    /// `terms` are those of the function at the point itself.
    ///
    /// `hidden` is the size of the intermediate numbers of the function, which may be larger than its terms:
    /// ln(1 + e^x) adds to 1, however small the result is.
    pub(crate) fn new(step: f64, tolerance: f64, terms: Vec<f64>, hidden: f64) -> Self {
        let empty = Vec::new;
        Self { step, tolerance, hidden, terms: [empty(), empty(), terms, empty(), empty()] }
    }

    /// The slope along the entry with value `x`. `evaluate` writes the terms for another value.
    ///
    /// The value is NaN if the function is not finite around `x`.
    pub(crate) fn measure(
        &mut self,
        x: f64,
        mut evaluate: impl FnMut(f64, &mut Vec<f64>),
    ) -> Slope {
        let scale = x.abs().max(1.0);
        let mut width = self.step * scale;
        let mut steepest: f64 = 0.0;
        let mut bending_before = f64::INFINITY;
        let mut slope = Slope { value: f64::NAN, uncertainty: f64::NAN, smooth: false };
        while width >= NARROWEST * scale {
            // `None` if the window is partly outside the domain of the function.
            if let Some(window) = self.window(x, width, &mut evaluate) {
                let Window { least, greatest, bending, curvature, rounding, .. } = window;
                steepest = steepest.max(least.abs()).max(greatest.abs());

                // Within the tolerance, or limited by rounding.
                let wanted = self.tolerance * steepest;
                let uncertainty = bending + rounding;
                if uncertainty <= wanted || bending <= ZOOM * rounding {
                    return Slope { value: window.slope, uncertainty, smooth: true };
                }
                slope = Slope {
                    value: 0.5 * (least + greatest),
                    uncertainty: 0.5 * (greatest - least) + curvature + rounding,
                    smooth: false,
                };
                // In narrower windows a kink bends as much, until rounding hides it.
                if bending > bending_before / ZOOM && ZOOM * rounding > wanted {
                    break;
                }
                bending_before = bending;
            }
            width /= ZOOM;
        }
        slope
    }

    fn window(
        &mut self,
        x: f64,
        width: f64,
        evaluate: &mut impl FnMut(f64, &mut Vec<f64>),
    ) -> Option<Window> {
        let points = [x - width, x - 0.5 * width, x, x + 0.5 * width, x + width];
        for index in [0, 1, 3, 4] {
            self.terms[index].clear();
            evaluate(points[index], &mut self.terms[index]);
        }
        let slope = |from: usize, to: usize| {
            let rise: f64 =
                self.terms[from].iter().zip(&self.terms[to]).map(|(from, to)| to - from).sum();
            rise / (points[to] - points[from])
        };
        let slopes = [slope(0, 1), slope(1, 2), slope(2, 3), slope(3, 4)];
        if !slopes.iter().all(|slope| slope.is_finite()) {
            return None;
        }
        let bends = [slopes[1] - slopes[0], slopes[2] - slopes[1], slopes[3] - slopes[2]];
        let size = |terms: &Vec<f64>| terms.iter().map(|term| term.abs()).sum::<f64>();
        let size = greatest(&self.terms.each_ref().map(size));
        Some(Window {
            slope: (4.0 * slope(1, 3) - slope(0, 4)) / 3.0,
            least: least(&slopes),
            greatest: greatest(&slopes),
            bending: 0.5 * (greatest(&bends) - least(&bends)),
            curvature: bends[0].abs().max(bends[2].abs()),
            rounding: ROUNDING * (size + self.hidden) / width,
        })
    }
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn greatest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(x: f64, width: f64, function: impl Fn(f64) -> f64) -> Window {
        let mut slopes = Slopes::new(1e-4, 1e-6, vec![function(x)], 1.0);
        slopes.window(x, width, &mut |value, terms| terms.push(function(value))).unwrap()
    }

    #[test]
    fn half_the_spread_bounds_the_error_wherever_the_kink_is() {
        for hundredth in -120..=120 {
            let kink = f64::from(hundredth) / 100.0;
            if hundredth == 0 {
                continue;
            }
            // Slope 0 on the left of the kink and 1 on the right, plus a parabola with slope 0.25 at 0.
            let function = |x: f64| 0.25 * x + 0.125 * x * x + (x - kink).max(0.0);
            let slope = if kink < 0.0 { 1.25 } else { 0.25 };
            let Window { slope: measured, bending, .. } = window(0.0, 1.0, function);
            assert!((measured - slope).abs() <= bending + 1e-15, "{kink}: {measured} {bending}");
            assert_eq!(bending > 1e-15, kink.abs() < 1.0, "{kink}: {bending}");
        }
    }

    #[test]
    fn the_slope_of_a_quartic_is_exact() {
        let window = window(1.0, 0.5, |x| x.powi(4));
        assert!((window.slope - 4.0).abs() < 1e-14, "{}", window.slope);
    }

    #[test]
    fn five_values_lead_to_a_smooth_slope_and_narrower_ones_past_a_kink() {
        let measure = |x: f64| {
            let mut calls = 0;
            let function = |x: f64| x.abs();
            let slope =
                Slopes::new(1e-4, 1e-6, vec![function(x)], 1.0).measure(x, |value, terms| {
                    calls += 1;
                    terms.push(function(value));
                });
            (slope.value, slope.smooth, calls)
        };
        // The window of width 1e-4 / 8^4 is the first that does not contain the kink at a distance of 1e-7.
        let (value, smooth, calls) = measure(-1.0);
        assert!((value + 1.0).abs() < 1e-10 && smooth && calls == 4, "{value} {smooth} {calls}");
        let (value, smooth, calls) = measure(1e-7);
        assert!((value - 1.0).abs() < 1e-7 && smooth && calls == 5 * 4, "{value} {smooth} {calls}");
        let (value, smooth, _) = measure(0.0);
        assert!(value == 0.0 && !smooth, "{value} {smooth}");
    }
}
