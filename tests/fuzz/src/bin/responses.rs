//! Fuzzes `retab_fuzz::responses`.

#![no_main]
#![allow(unsafe_code, reason = "the macro exports a C function")]

libfuzzer_sys::fuzz_target!(|input: &[u8]| retab_fuzz::responses::run(input));
