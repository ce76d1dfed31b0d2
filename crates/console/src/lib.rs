#![doc = include_str!("../README.md")]

mod exit;
mod folder;
mod full;
mod output;
mod progress;
mod stop;
mod table;

pub use exit::{Interrupted, UsageError, exit};
pub use folder::{Folder, Found, InUse};
pub use full::report_file_size_limit;
pub use output::{Stdout, causes, count, say, say_bytes, warn};
pub use progress::{Progress, RunProgress};
pub use stop::{INTERRUPTED, Stop};
pub use table::{Alignment, table};
