//! The processes of one service: when each lives, what it counts, and when what it exports
//! arrives.

use crate::splitmix::Random;

/// Good and bad events, by endpoint.
pub(crate) type Counts = [[u64; 2]; 2];

/// A process, and what of it arrived.
#[derive(Debug)]
pub(crate) struct Process {
    /// Its `service.instance.id`.
    pub(crate) id: String,
    /// When it began, in seconds.
    pub(crate) start: f64,
    /// In the order of its time stamps.
    pub(crate) exports: Vec<Export>,
}

/// What a process exported: all it had counted until then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Export {
    pub(crate) at: f64,
    pub(crate) arrives: f64,
    pub(crate) counts: Counts,
}

/// What a service is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One to three processes that live on.
    Steady,
    /// The same, replaced by new ones from time to time.
    Rolled,
    /// The same, killed, so that what they did not export is lost.
    Killed,
    /// Processes of one run, some overlapping, some killed midway.
    Job,
    /// A process that ends seconds after its start, again and again.
    CrashLoop,
    /// Processes that follow each other under one id.
    OneId,
    /// Processes that began long before the rules did.
    Old,
}

impl Shape {
    const ALL: [Shape; 7] = [
        Shape::Steady,
        Shape::Rolled,
        Shape::Killed,
        Shape::Job,
        Shape::CrashLoop,
        Shape::OneId,
        Shape::Old,
    ];
}

/// How the exports of a service travel.
#[derive(Debug)]
struct Path {
    interval: f64,
    delay: f64,
    /// From when to when nothing gets through; a queue is replayed then.
    outages: Vec<(f64, f64)>,
    /// True where a zero is exported before anything was counted.
    zeros: bool,
}

impl Path {
    fn arrival(&self, at: f64) -> f64 {
        let due = at + self.delay;
        let held_back = self
            .outages
            .iter()
            .find(|(from, to)| (*from..*to).contains(&due));
        held_back.map_or(due, |(_, to)| *to)
    }
}

/// What happened to a service between two moments, in seconds.
pub(crate) fn service(random: &mut Random, begin: f64, end: f64) -> (Shape, Vec<Process>) {
    let shape = random.one_of(&Shape::ALL);
    let path = Path {
        interval: random.one_of(&[10.0, 15.0, 30.0, 60.0, 60.0, 120.0]),
        delay: random.one_of(&[0.0, 0.3, 3.0, 10.0, 30.0, 60.0, 90.0]),
        outages: (0..random.below(3))
            .map(|_| {
                let from = begin + random.share() * (end - begin);
                // The replay ends with the play.
                let length = random.one_of(&[60.0, 300.0, 1200.0]);
                (from, (from + length).min(end))
            })
            .collect(),
        zeros: random.below(3) > 0,
    };
    let rate = random.one_of(&[0.002, 0.05, 1.0, 40.0]);
    let failing = random.one_of(&[0.0, 0.02, 0.5, 1.0]);
    let mut maker = Maker {
        random,
        path,
        rate,
        failing,
        made: 0,
    };
    let lives = maker.lives(shape, begin, end);
    let processes = lives.into_iter().map(|life| maker.process(life)).collect();
    (shape, processes)
}

/// The life of a process.
struct Life {
    id: Option<String>,
    from: f64,
    to: f64,
    /// Its last counts are not exported.
    is_killed: bool,
    /// It had counted before the play began.
    is_old: bool,
}

struct Maker<'a> {
    random: &'a mut Random,
    path: Path,
    rate: f64,
    failing: f64,
    made: usize,
}

impl Maker<'_> {
    fn lives(&mut self, shape: Shape, begin: f64, end: f64) -> Vec<Life> {
        let life = |from: f64, to: f64| Life {
            id: None,
            from,
            to,
            is_killed: false,
            is_old: false,
        };
        let replicas = 1 + self.random.below(3);
        let mut lives = Vec::new();
        match shape {
            Shape::Steady => {
                for _ in 0..replicas {
                    let from = begin + 900.0 * self.random.share();
                    lives.push(life(from, end));
                }
            }
            Shape::Rolled | Shape::Killed => {
                for _ in 0..replicas {
                    let mut from = begin + 300.0 * self.random.share();
                    while from < end {
                        let to = (from + 60.0 + 5400.0 * self.random.share()).min(end);
                        lives.push(Life {
                            is_killed: shape == Shape::Killed && self.random.below(2) == 0,
                            ..life(from, to)
                        });
                        // The next one is there before, or some time after.
                        from = to - 20.0 + self.random.one_of(&[0.0, 21.0, 25.0, 600.0]);
                    }
                }
            }
            Shape::Job => {
                let every = self.random.one_of(&[30.0, 60.0, 300.0, 3000.0]);
                let mut from = begin + every * self.random.share();
                // Many processes take many samples to play.
                let until = end.min(from + 60.0 * every);
                while from < until {
                    let takes = self.random.one_of(&[0.5, 20.0, 50.0]);
                    lives.push(Life {
                        is_killed: self.random.below(6) == 0,
                        ..life(from, (from + takes).min(end))
                    });
                    from += every;
                }
            }
            Shape::CrashLoop => {
                let mut from = begin + 60.0 * self.random.share();
                let until = (from + 1800.0).min(end);
                while from < until {
                    let to = from + 1.0 + 20.0 * self.random.share();
                    lives.push(Life {
                        is_killed: self.random.below(3) == 0,
                        ..life(from, to.min(end))
                    });
                    from = to + self.random.one_of(&[0.1, 10.0, 40.0]);
                }
            }
            Shape::OneId => {
                let mut from = begin + 60.0 * self.random.share();
                while from < end {
                    let to = (from + 120.0 + 3000.0 * self.random.share()).min(end);
                    lives.push(Life {
                        id: Some("pod-0".to_owned()),
                        ..life(from, to)
                    });
                    // What the one before exported last is seen before the next begins, even
                    // after an outage: of what is not, nobody can tell whose it is.
                    from = to + 3100.0;
                }
            }
            Shape::Old => {
                for _ in 0..replicas {
                    let from = begin - 4000.0 - 9000.0 * self.random.share();
                    lives.push(Life {
                        is_old: true,
                        ..life(from, end)
                    });
                }
            }
        }
        lives
    }

    fn process(&mut self, life: Life) -> Process {
        self.made += 1;
        let id = life.id.unwrap_or_else(|| format!("{}", self.made));
        let mut process = Process {
            id,
            start: life.from,
            exports: Vec::new(),
        };
        let mut counts = Counts::default();
        let mut last = life.from;
        let mut at = life.from
            + if self.path.zeros {
                0.05
            } else {
                self.path.interval
            };
        while at < life.to {
            self.count(&mut counts, at - last);
            self.export(&mut process, at, &counts);
            last = at;
            at += self.path.interval;
        }
        self.count(&mut counts, life.to - last);
        if !life.is_killed {
            // Exports of one process are never at the same moment.
            self.export(&mut process, life.to.max(last + 0.01), &counts);
        }
        if life.is_old {
            // No rule was there to see what it exported at first.
            let first = life.from + 4000.0;
            process.exports.retain(|export| export.at > first);
        }
        process
    }

    fn count(&mut self, counts: &mut Counts, seconds: f64) {
        // Nothing is counted before there was time for it.
        if seconds < 0.1 {
            return;
        }
        for endpoint in counts {
            let events = self.random.about(self.rate * seconds);
            let bad = self.random.about(events as f64 * self.failing).min(events);
            endpoint[0] += events - bad;
            endpoint[1] += bad;
        }
    }

    fn export(&self, process: &mut Process, at: f64, counts: &Counts) {
        let at = (at * 1000.0).round() / 1000.0;
        process.exports.push(Export {
            at,
            arrives: self.path.arrival(at),
            counts: *counts,
        });
    }
}
