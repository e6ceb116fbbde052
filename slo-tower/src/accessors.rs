//! What middlewares of this crate offer of the service inside them.

/// Defines `get_ref`, `get_mut` and `into_inner` for a wrapper whose field `inner` is an `S`.
macro_rules! inner_accessors {
    () => {
        /// Returns the service inside.
        pub fn get_ref(&self) -> &S {
            &self.inner
        }

        /// Returns the service inside, to be changed.
        pub fn get_mut(&mut self) -> &mut S {
            &mut self.inner
        }

        /// Returns the service inside, no longer wrapped.
        pub fn into_inner(self) -> S {
            self.inner
        }
    };
}

pub(crate) use inner_accessors;
