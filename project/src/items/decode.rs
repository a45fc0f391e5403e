//! Any encoding → UTF-8, as a stream; bytes that the encoding does not know are an error, not a replacement.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::BUFFER_BYTES;

/// The text of `source` in UTF-8, without a byte order mark.
pub(super) fn decoded<R: Read>(source: R, encoding: &'static Encoding) -> Decoded<R> {
    Decoded {
        source,
        encoding,
        decoder: encoding.new_decoder_with_bom_removal(),
        input: vec![0; BUFFER_BYTES],
        start: 0,
        end: 0,
        output: vec![0; 4 * BUFFER_BYTES],
        ready: 0..0,
        finished: false,
    }
}

pub(super) struct Decoded<R> {
    source: R,
    encoding: &'static Encoding,
    decoder: Decoder,
    input: Vec<u8>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    ready: std::ops::Range<usize>,
    finished: bool,
}

impl<R: Read> Decoded<R> {
    fn refill(&mut self) -> io::Result<()> {
        let mut last = false;
        if self.start == self.end {
            self.end = self.source.read(&mut self.input)?;
            self.start = 0;
            last = self.end == 0;
        }
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            &self.input[self.start..self.end],
            &mut self.output,
            last,
        );
        self.start += read;
        self.ready = 0..written;
        match result {
            DecoderResult::Malformed(..) => {
                let name = self.encoding.name();
                let advice = if self.encoding == UTF_8 { "; name its encoding in data_files" } else { "" };
                Err(io::Error::new(io::ErrorKind::InvalidData, format!("bytes that are not {name}{advice}")))
            }
            DecoderResult::InputEmpty => {
                self.finished = last;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            if self.finished {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.ready.len());
        buffer[..count].copy_from_slice(&self.output[self.ready.start..self.ready.start + count]);
        self.ready.start += count;
        Ok(count)
    }
}
