//! Work beside the desk: on a thread of its own, ended by dropping it, or as tasks of the runtime that asks. What the work is,
//! others say; only here it is started.

use std::future::Future;
use std::thread::JoinHandle;

use tokio::sync::watch;
use tokio::task::JoinSet;

/// Told when the work is to end.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Waits until the work is to end.
    pub fn told(self) -> impl Future<Output = ()> + Send + use<> {
        let mut told = self.0;
        async move {
            // A teller that is gone means the same.
            let _ = told.wait_for(|told| *told).await;
        }
    }
}

/// The running thread; dropping it tells the work to end and waits for it.
#[derive(Debug)]
pub struct Beside {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Beside {
    /// Starts `work` on a thread of the name.
    ///
    /// # Errors
    /// The machine's, when it gives no more threads.
    pub fn start(name: &str, work: impl FnOnce(Stop) + Send + 'static) -> std::io::Result<Beside> {
        let (stop, told) = watch::channel(false);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(Stop(told)))?;
        Ok(Beside { stop, thread: Some(thread) })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Work that ended by itself no longer listens.
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Tasks that live no longer than this: dropping it ends those that are not done.
#[derive(Debug, Default)]
pub struct Crew(JoinSet<()>);

impl Crew {
    /// Starts one more.
    pub fn add(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }

    /// How many are not done, or done and not yet [noticed](Crew::one_done).
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Waits until one more is done; false when there is none.
    pub async fn one_done(&mut self) -> bool {
        self.0.join_next().await.is_some()
    }
}

/// Runs what waits for a disk off the threads that serve sockets. None when it died.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
