//! What a training, a model and its files promise, and the mistakes of the chapter.

mod ensemble;
mod errata;
mod files;
mod fit;
mod model;
mod model_errors;
mod training;
