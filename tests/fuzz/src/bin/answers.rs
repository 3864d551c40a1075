//! Fuzzes `retab_fuzz::answers`.

#![no_main]
#![allow(unsafe_code, reason = "the macro exports a function of C")]

libfuzzer_sys::fuzz_target!(|input: &[u8]| retab_fuzz::answers::read(input));
