//! The slope of a function along one of its entries, told from function values alone.
//!
//! Five points at equal distances give four slopes, and these give three bends:
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
//! The slope is Richardson's combination of two central differences: its error falls with h^4.
//! The bends of a smooth function are nearly equal (their spread falls with h^2); a kink between
//! the points makes one of them stand out, and moves the slope by at most half the spread,
//! wherever it lies. Half the spread is therefore the error bound, kink or not. A window whose
//! bound is too wide is narrowed: that leaves a kink beside the point outside, and only a kink
//! at the point itself (or closer than rounding lets one see) remains.

/// How much narrower the next window is.
const ZOOM: f64 = 8.0;

/// No window is narrower than this, relative to max(1, |x|): the points would run together.
const NARROWEST: f64 = 1e-11;

/// Rounding error of a function value, as a multiple of the numbers it is computed from: a few
/// operations with each.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// What the function values say of a slope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slope {
    /// The slope; at a kink the middle between the least and the greatest one around it.
    pub(crate) value: f64,
    /// How far the true slope (at a kink: any subgradient) may lie from `value`.
    pub(crate) uncertainty: f64,
    /// Whether the function is smooth here, as far as the tolerance asks.
    pub(crate) smooth: bool,
}

/// Measures slopes of one function, around one point.
///
/// The function is a sum of terms and hands them out one by one: the terms that an entry does not
/// touch then cancel exactly, instead of drowning its small slope in the rounding of their sum.
pub(crate) struct Slopes {
    step: f64,
    tolerance: f64,
    hidden: f64,
    /// The terms at the five points; the middle ones never change.
    terms: [Vec<f64>; 5],
}

/// The five points around `x`, evaluated.
struct Window {
    slope: f64,
    least: f64,
    greatest: f64,
    /// Half the spread of the bends: bounds the error that bending does to the slope.
    bending: f64,
    /// How much the slope changes beside a kink: a kink leaves the first or the last bend alone.
    curvature: f64,
    /// Bounds the error that rounding does to the slope.
    rounding: f64,
}

impl Slopes {
    /// `terms` is the function at the point itself.
    ///
    /// `hidden` is the size of the numbers that a function may compute with although its terms
    /// are smaller: ln(1 + e^x) is computed from 1 however small it is.
    pub(crate) fn new(step: f64, tolerance: f64, terms: Vec<f64>, hidden: f64) -> Self {
        let empty = Vec::new;
        Self { step, tolerance, hidden, terms: [empty(), empty(), terms, empty(), empty()] }
    }

    /// The slope along the entry whose value is `x`; `evaluate` writes the terms for another value.
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
            // None: the window reaches over the edge of the function's domain.
            if let Some(window) = self.window(x, width, &mut evaluate) {
                let Window { least, greatest, bending, curvature, rounding, .. } = window;
                steepest = steepest.max(least.abs()).max(greatest.abs());

                // As tight as wanted, or as rounding lets it be.
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
                // A kink bends narrower windows just as much, until rounding would cover it.
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
    fn half_the_spread_bounds_the_error_wherever_the_kink_lies() {
        for hundredth in -120..=120 {
            let kink = f64::from(hundredth) / 100.0;
            if hundredth == 0 {
                continue;
            }
            // Slope 0 left of the kink and 1 right of it, on a parabola of slope 0.25 at 0.
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
        // The window of width 1e-4 / 8^4 is the first that leaves 1e-7 outside.
        let (value, smooth, calls) = measure(-1.0);
        assert!((value + 1.0).abs() < 1e-10 && smooth && calls == 4, "{value} {smooth} {calls}");
        let (value, smooth, calls) = measure(1e-7);
        assert!((value - 1.0).abs() < 1e-7 && smooth && calls == 5 * 4, "{value} {smooth} {calls}");
        let (value, smooth, _) = measure(0.0);
        assert!(value == 0.0 && !smooth, "{value} {smooth}");
    }
}
