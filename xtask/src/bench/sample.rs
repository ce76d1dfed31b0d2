//! Timing: many samples of a job, each beside one of the peak, and their medians.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nnfs::tensor::{Dtype, Scalar};
use nnfs_kernel::Peak;
use rayon::ThreadPoolBuilder;

use super::job::{Job, Training};
use super::peak::peak_gflops;

/// What was measured of a job: medians.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub(super) us_per_step: f64,
    pub(super) gflops: f64,
    /// Of the multiply-adds that as many cores could do in the same moments.
    pub(super) peak_share: f64,
}

/// Samples are taken until the time is over, and never fewer.
const FEWEST_SAMPLES: usize = 5;

/// How long a sample lasts at least: long beside what a clock takes, short beside a job.
const SAMPLE: Duration = Duration::from_millis(20);

impl Job {
    /// Times the job for about so long.
    ///
    /// # Errors
    /// If the threads cannot be started.
    pub(super) fn measure(&self, time: Duration) -> anyhow::Result<Measured> {
        let measure = || match self.dtype {
            Dtype::F32 => self.measure_as::<f32>(time),
            Dtype::F64 => self.measure_as::<f64>(time),
        };
        // Outside of a pool there is one thread.
        if self.threads == 1 {
            return measure();
        }
        ThreadPoolBuilder::new().num_threads(self.threads).build()?.install(measure)
    }

    fn measure_as<T: Scalar + Peak>(&self, time: Duration) -> anyhow::Result<Measured> {
        let mut training = Training::<T>::new(&self.sizes, self.batch)?;
        let seconds = sample(&mut training, 3)?;
        let steps = (SAMPLE.as_secs_f64() / seconds).ceil().max(1.0) as usize;
        sample(&mut training, steps)?;

        let (mut times, mut peaks) = (Vec::new(), Vec::new());
        let start = Instant::now();
        while times.len() < FEWEST_SAMPLES || start.elapsed() < time {
            peaks.push(peak_gflops::<T>());
            times.push(sample(&mut training, steps)?);
        }
        let seconds = median(&mut times);
        let gflops = self.flop() / seconds / 1e9;
        let peak_share = gflops / (median(&mut peaks) * self.threads as f64);
        Ok(Measured { us_per_step: seconds * 1e6, gflops, peak_share })
    }
}

/// Seconds a step, over so many steps.
fn sample<T: Scalar>(training: &mut Training<T>, steps: usize) -> anyhow::Result<f64> {
    let start = Instant::now();
    for _ in 0..steps {
        black_box(training.step()?);
    }
    Ok(start.elapsed().as_secs_f64() / steps as f64)
}

impl Job {
    /// The loss that the peers say at their start: that of the 100th step.
    pub(super) fn loss_of_step_100(&self) -> anyhow::Result<f64> {
        fn loss<T: Scalar>(job: &Job) -> anyhow::Result<f64> {
            let mut training = Training::<T>::new(&job.sizes, job.batch)?;
            for _ in 1..100 {
                training.step()?;
            }
            Ok(training.step()?.0)
        }
        match self.dtype {
            Dtype::F32 => loss::<f32>(self),
            Dtype::F64 => loss::<f64>(self),
        }
    }
}

/// The middle value; of an even number of values, the larger of the two in the middle.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), 3.0);
    }
}
