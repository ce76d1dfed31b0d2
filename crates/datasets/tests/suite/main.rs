//! Tables, encoders, labels, scalers, splits, and the data of the book.

mod by_column;
mod classes;
mod codes;
mod codings;
mod csv_doubts;
mod csv_errors;
mod csv_files;
mod csv_numbers;
mod csv_reading;
mod dates;
mod doubtful;
mod hardly_repeating;
mod helpers;
mod labels;
mod missing_words;
mod months;
mod number_formats;
mod number_like;
mod one_hot;
mod outliers;
mod row_numbers;
mod saved;
mod scalers;
mod sine;
mod split;
mod tables;
