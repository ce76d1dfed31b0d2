//! Timing: many samples of a job, each beside one of the peak, and their medians.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nnfs::tensor::{Dtype, Scalar};
use nnfs_kernel::Peak;
use rayon::ThreadPoolBuilder;

use super::job::Job;
use super::peak::peak_gflops;
use super::training::Training;

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

/// The shortest sample of a step: long beside what a clock takes, short beside a job.
const SAMPLE: Duration = Duration::from_millis(20);

/// Work that is timed in samples of many calls.
pub(super) struct Timed<F> {
    work: F,
    calls: usize,
}

impl<F: FnMut() -> anyhow::Result<()>> Timed<F> {
    /// Calls the work until it is warm, and finds how many calls take at least as long as `sample`.
    ///
    /// # Errors
    /// If the work fails.
    pub(super) fn new(work: F, sample: Duration) -> anyhow::Result<Self> {
        let mut timed = Self { work, calls: 3 };
        timed.sample()?;
        timed.calls = 1;
        loop {
            let ratio = sample.as_secs_f64() / (timed.sample()? * timed.calls as f64);
            if ratio <= 1.0 {
                return Ok(timed);
            }
            // A little more than needed, and at most tenfold: the first calls are slow.
            timed.calls = (timed.calls as f64 * (1.1 * ratio).min(10.0)).ceil() as usize;
        }
    }

    /// The seconds of a call in one sample.
    ///
    /// # Errors
    /// If the work fails.
    pub(super) fn sample(&mut self) -> anyhow::Result<f64> {
        let start = Instant::now();
        for _ in 0..self.calls {
            (self.work)()?;
        }
        Ok(start.elapsed().as_secs_f64() / self.calls as f64)
    }

    /// The median seconds of a call, in samples for about `time`.
    ///
    /// # Errors
    /// If the work fails.
    pub(super) fn median(&mut self, time: Duration) -> anyhow::Result<f64> {
        let (mut times, start) = (Vec::new(), Instant::now());
        while times.len() < FEWEST_SAMPLES || start.elapsed() < time {
            times.push(self.sample()?);
        }
        Ok(median(&mut times))
    }
}

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
        let mut training = Training::<T>::new(self)?;
        let step = || {
            black_box(training.step()?);
            Ok(())
        };
        let mut steps = Timed::new(step, SAMPLE)?;
        let (mut times, mut peaks) = (Vec::new(), Vec::new());
        let start = Instant::now();
        while times.len() < FEWEST_SAMPLES || start.elapsed() < time {
            peaks.push(peak_gflops::<T>());
            times.push(steps.sample()?);
        }
        let seconds = median(&mut times);
        let gflops = self.flop() / seconds / 1e9;
        let peak_share = gflops / (median(&mut peaks) * self.threads as f64);
        Ok(Measured { us_per_step: seconds * 1e6, gflops, peak_share })
    }

    /// The loss of the 100th step, which the peers report when they start.
    pub(super) fn loss_of_step_100(&self) -> anyhow::Result<f64> {
        fn loss<T: Scalar>(job: &Job) -> anyhow::Result<f64> {
            let mut training = Training::<T>::new(job)?;
            for _ in 1..100 {
                training.step()?;
            }
            training.step()
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

    #[test]
    fn short_work_is_called_many_times_in_a_sample() {
        let mut calls = 0;
        let work = || {
            calls += black_box(1);
            Ok(())
        };
        let mut timed = Timed::new(work, Duration::from_millis(1)).unwrap();
        assert!(timed.median(Duration::ZERO).unwrap() < 1e-3);
        assert!(timed.calls > 1);
        assert!(calls > 5);
    }
}
