//! What the page calls: three functions, and a buffer of bytes in each direction.

// An exported function must keep its name, and Rust calls that unsafe: two functions of one name would
// break a program. These are exported from a module that is linked alone, and no pointer is followed.
#![allow(unsafe_code)]

use std::cell::RefCell;

use crate::Live;

/// The bytes of the longest request: a file of the user, and a line of JSON.
const LONGEST: usize = 32 << 20;

thread_local! {
    static REQUEST: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static LIVE: RefCell<Live> = RefCell::new(Live::new());
}

/// Makes the request buffer this long, and returns where it begins; 0 if it would be too long.
#[unsafe(no_mangle)]
extern "C" fn reserve(length: usize) -> usize {
    if length > LONGEST {
        return 0;
    }
    REQUEST.with_borrow_mut(|request| {
        request.resize(length.max(1), 0);
        request.as_ptr().addr()
    })
}

/// Answers the request in the first bytes of the buffer, and returns the length of the answer.
#[unsafe(no_mangle)]
extern "C" fn request(length: usize) -> usize {
    let answer = REQUEST.with_borrow(|request| {
        let request = &request[..length.min(request.len())];
        LIVE.with_borrow_mut(|live| live.answer(request))
    });
    let length = answer.len();
    ANSWER.set(answer);
    length
}

/// Where the answer begins.
#[unsafe(no_mangle)]
extern "C" fn answer() -> usize {
    ANSWER.with_borrow(|answer| answer.as_ptr().addr())
}
