//! A process that forks after `init`, which it should not: the child has the guard and the
//! counts, but no thread that exports. It notices, and may start an export of its own.

#![expect(clippy::print_stdout, reason = "how the test hears of it")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(unix)]
    forking::run()?;
    Ok(())
}

#[cfg(unix)]
mod forking {
    use fork::Fork;
    use slo_sdk::FlushError;
    use std::{error::Error, process::exit, time::Instant};

    pub(super) fn run() -> Result<(), Box<dyn Error>> {
        let guard = slo_sdk::try_init()?;
        (0..10).for_each(|_| lifecycle::step());
        guard.flush()?;
        match fork::fork()? {
            Fork::Parent(child) => {
                let status = fork::waitpid(child)?;
                println!("child ended {status}");
                lifecycle::step();
                guard.flush()?;
                drop(guard);
                println!("parent counted {}", lifecycle::counted("step"));
                Ok(())
            }
            Fork::Child => {
                let result = child(guard);
                if let Err(error) = &result {
                    println!("child failed: {error}");
                }
                exit(i32::from(result.is_err()));
            }
        }
    }

    fn child(inherited: slo_sdk::Guard) -> Result<(), Box<dyn Error>> {
        let start = Instant::now();
        if inherited.flush() != Err(FlushError::Forked) {
            return Err("the child flushed what its parent exports".into());
        }
        lifecycle::step();
        let own = slo_sdk::builder().service_name("child").try_init()?;
        // The child's own export goes on without the guard it inherited.
        drop(inherited);
        if slo_sdk::try_init().is_ok() {
            return Err("a second guard beside the child's own".into());
        }
        println!("child began after {} ms", start.elapsed().as_millis());
        own.flush()?;
        lifecycle::step();
        drop(own);
        println!("child counted {}", lifecycle::counted("step"));
        Ok(())
    }
}
