//! The processor's own count of instructions, where it may be read.

#[cfg(target_os = "linux")]
mod counter {
    use perf_event::{Builder, Counter, events::Hardware};

    /// Counts the instructions of this thread, outside the kernel.
    #[derive(Debug)]
    pub struct Instructions(Counter);

    impl Instructions {
        /// `None` if the machine or its rules do not allow it.
        pub fn new() -> Option<Instructions> {
            let mut counter = Builder::new(Hardware::INSTRUCTIONS).build().ok()?;
            // Some guests have a counter that stands still.
            let before = counter.enable().and_then(|()| counter.read()).ok()?;
            let after = counter.read().ok()?;
            (after > before).then_some(Instructions(counter))
        }

        /// Those so far; only differences mean something.
        pub fn read(&mut self) -> u64 {
            self.0.read().unwrap_or_default()
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod counter {
    /// Not on this system.
    #[derive(Debug)]
    pub struct Instructions(std::convert::Infallible);

    impl Instructions {
        /// Nothing.
        pub fn new() -> Option<Instructions> {
            None
        }

        /// Never called.
        pub fn read(&mut self) -> u64 {
            match self.0 {}
        }
    }
}

pub use counter::Instructions;
