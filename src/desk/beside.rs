//! Work beside the desk on a thread of its own, ended by dropping it. What the work is, others say; only here it is started.

use std::future::Future;
use std::thread::JoinHandle;

use tokio::sync::watch;

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
