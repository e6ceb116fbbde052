//! What there is of requests inside requests.

/// Who asks the API of the same process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Middleware,
    Handler,
    Both,
}

/// When it asks, seen from the work it has itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    Before,
    After,
    /// `join!`, which is polled first or last.
    Beside,
    BesideFirst,
    /// `tokio::spawn`, whose end it waits for.
    InTask,
}

/// What stands between it and the API, whose layer is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    Nothing,
    Buffer,
    Retry,
    Hedge,
    Balance,
    /// The API asks itself once more.
    Recursion,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Nesting {
    pub(super) who: Who,
    pub(super) when: When,
    pub(super) through: Through,
    /// Whether the handler of the API is annotated.
    pub(super) is_api_annotated: bool,
    /// Whether that of the page around it is.
    pub(super) is_page_annotated: bool,
    pub(super) is_around: bool,
}

impl Nesting {
    pub(super) fn all() -> Vec<Nesting> {
        let mut all = Vec::new();
        for who in [Who::Middleware, Who::Handler, Who::Both] {
            for when in [
                When::Before,
                When::After,
                When::Beside,
                When::BesideFirst,
                When::InTask,
            ] {
                for through in [
                    Through::Nothing,
                    Through::Buffer,
                    Through::Retry,
                    Through::Hedge,
                    Through::Balance,
                    Through::Recursion,
                ] {
                    for flags in 0..8_u8 {
                        all.push(Nesting {
                            who,
                            when,
                            through,
                            is_api_annotated: flags & 1 > 0,
                            is_page_annotated: flags & 2 > 0,
                            is_around: flags & 4 > 0,
                        });
                    }
                }
            }
        }
        all
    }

    /// Requests that reach the API for one of a page, where it answers so.
    pub(super) fn asked(self, code: u16) -> u64 {
        let by_whom = if self.who == Who::Both { 2 } else { 1 };
        let each = match self.through {
            Through::Recursion => 2,
            Through::Retry if code >= 500 => 2,
            _ => 1,
        };
        by_whom * each
    }
}
