//! Learners, their scores, ensembles, intervals and the influence of columns.

mod bagging;
mod inspection;
mod intervals;
mod learner;
mod rows;
mod scores;
mod small_tables;
mod weights;
