//! Limits on the size of files.

/// Lets a write beyond the limit on the size of files (`ulimit -f`) fail with an error. Without this,
/// Unix ends the program with the signal SIGXFSZ, and files of two programs may be mixed in a folder.
///
/// Call it once, at the start of a program. On other systems it does nothing.
///
/// # Errors
/// If the signal cannot be handled.
pub fn report_file_size_limit() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use anyhow::Context;
        use signal_hook::{consts::SIGXFSZ, flag};

        // A signal that has a handler does not end the program. The failed write reports the limit, so
        // the flag that the handler sets is not needed.
        flag::register(SIGXFSZ, std::sync::Arc::default())
            .context("cannot handle the signal SIGXFSZ")?;
    }
    Ok(())
}
