//! The arguments of the command `nnfs`.

use std::ffi::OsString;

/// Parses arguments, which are separated by zero bytes, and runs nothing.
///
/// # Panics
/// If a promise is broken.
pub fn options(bytes: &[u8]) -> bool {
    let arguments: Vec<OsString> = bytes.split(|&byte| byte == 0).map(argument).collect();
    let parse = || nnfs_cli::parse(std::iter::once("nnfs".into()).chain(arguments.clone()));
    match parse() {
        Ok(options) => {
            let again = parse().expect("what was parsed once");
            assert_eq!(format!("{again:?}"), format!("{options:?}"));
            true
        }
        Err(error) => {
            assert!(matches!(error.exit_code(), 0 | 2), "exit code {}", error.exit_code());
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

/// Arguments need not be UTF-8.
#[cfg(unix)]
fn argument(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).to_owned()
}

#[cfg(not(unix))]
fn argument(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
