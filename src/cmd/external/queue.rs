//! Who is asked when: few at a time, and fewer of one host.
//!
//! In steps: put every visit into the queue of its host; let threads take the next request that may be made now; put the visit
//! back with its next request, or keep its verdict. A pause is never slept through by a thread that could ask elsewhere. A
//! host that never speaks is given up, so that many links to it do not make a run of hours.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Instant, SystemTime};

use url::Url;

use super::Manners;
use super::client::{Answer, Method};
use super::visit::{Next, Rests, Verdict, Visit};

/// What is known of a host.
#[derive(Debug, Default)]
struct Host<'a> {
    /// What is asked of it next, each not before its time.
    waiting: VecDeque<(Option<Instant>, Visit<'a>)>,
    /// How many requests it has not answered yet.
    busy: usize,
    /// It asked to be left alone until then.
    rests_until: Option<Instant>,
    /// How often it was silent since it last spoke.
    silent: usize,
    /// What its silence was like: of several ways the first in their order, whichever came first in time.
    silence: Option<String>,
    has_spoken: bool,
}

/// Everything that threads share.
#[derive(Debug, Default)]
struct State<'a> {
    hosts: BTreeMap<String, Host<'a>>,
    /// Visits without a verdict.
    left: usize,
    verdicts: Vec<(&'a str, Verdict)>,
}

/// What a thread does next.
enum Turn<'a> {
    Ask(Visit<'a>),
    Wait(Instant),
    End,
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

impl<'a> State<'a> {
    fn turn(&mut self, now: Instant, ends: Instant, manners: &Manners, finished: &dyn Fn()) -> Turn<'a> {
        if self.left == 0 {
            return Turn::End;
        }
        if now >= ends {
            for waiting in self.hosts.values_mut().map(|host| std::mem::take(&mut host.waiting)).collect::<Vec<_>>() {
                self.give_up(waiting, "was not checked: the time for all addresses was over", finished);
            }
            // Others still wait for answers, and see to them.
            return Turn::End;
        }
        let mut first = None;
        for host in self.hosts.values_mut().filter(|host| host.busy < manners.per_host) {
            let mut next = None;
            for (at, (time, _)) in host.waiting.iter().enumerate() {
                let time = (*time).max(host.rests_until);
                match time.filter(|time| *time > now) {
                    None => {
                        next = Some(at);
                        break;
                    }
                    Some(time) => first = Some(first.map_or(time, |first: Instant| first.min(time))),
                }
                if host.rests_until.is_some_and(|until| until > now) {
                    break;
                }
            }
            if let Some((_, visit)) = next.and_then(|at| host.waiting.remove(at)) {
                host.busy += 1;
                return Turn::Ask(visit);
            }
        }
        // Nothing may be asked for before that time, unless an answer makes way.
        Turn::Wait(first.map_or(ends, |first| first.min(ends)))
    }

    fn give_up(&mut self, waiting: VecDeque<(Option<Instant>, Visit<'a>)>, why: &str, finished: &dyn Fn()) {
        for (_, visit) in waiting {
            self.finish(visit.name, Verdict::unreachable(visit.led(why)), finished);
        }
    }

    fn finish(&mut self, name: &'a str, verdict: Verdict, finished: &dyn Fn()) {
        self.left -= 1;
        self.verdicts.push((name, verdict));
        finished();
    }

    fn settle(&mut self, visit: Visit<'a>, answer: Answer, manners: &Manners, finished: &dyn Fn()) {
        let asked = host(&visit.url);
        let silence = match &answer {
            Answer::Silent(why) => Some(why.clone()),
            _ => None,
        };
        let name = visit.name;
        let next = visit.next(answer, manners, SystemTime::now());
        let now = Instant::now();
        let at = self.hosts.entry(asked.clone()).or_default();
        at.busy -= 1;
        match silence {
            None => (at.has_spoken, at.silent) = (true, 0),
            Some(why) => {
                at.silent += 1;
                at.silence = Some(at.silence.take().map_or(why.clone(), |other| other.min(why)));
            }
        }
        match next {
            Next::Done(verdict) => self.finish(name, verdict, finished),
            Next::Ask { visit, after, rests } => {
                // `None` when the time is too far away for the clock, which no pause that is allowed is.
                let time = now.checked_add(after).filter(|_| !after.is_zero());
                let at = self.hosts.entry(host(&visit.url)).or_default();
                if rests == Rests::Host {
                    at.rests_until = at.rests_until.max(time);
                }
                // What is begun is ended first.
                match time {
                    None => at.waiting.push_front((None, visit)),
                    Some(_) => at.waiting.push_back((time, visit)),
                }
            }
        }
        // With two tries for each of three addresses it has had its chances.
        let enough = 2 * manners.tries as usize;
        if let Some(at) = self.hosts.get_mut(&asked)
            && !at.has_spoken
            && at.silent >= enough
        {
            let why = at.silence.clone().unwrap_or_default();
            let waiting = std::mem::take(&mut at.waiting);
            self.give_up(waiting, &why, finished);
        }
    }
}

/// Makes all `visits` with `ask` and gives the verdict of each, in the order of their names. `finished` is called after each.
pub fn run<'a>(
    visits: Vec<Visit<'a>>,
    manners: &Manners,
    ask: &(dyn Fn(Method, &Url) -> Answer + Sync),
    finished: &(dyn Fn() + Sync),
) -> Vec<(&'a str, Verdict)> {
    let now = Instant::now();
    let ends = now.checked_add(manners.run).unwrap_or(now);
    let threads = manners.at_once.clamp(1, visits.len().max(1));
    let mut state = State { left: visits.len(), ..State::default() };
    for visit in visits {
        state.hosts.entry(host(&visit.url)).or_default().waiting.push_back((None, visit));
    }
    let (shared, changed) = (Mutex::new(state), Condvar::new());
    let work = || {
        let mut state = lock(&shared);
        loop {
            match state.turn(Instant::now(), ends, manners, finished) {
                Turn::Ask(visit) => {
                    drop(state);
                    let answer = ask(visit.method, &visit.url);
                    state = lock(&shared);
                    state.settle(visit, answer, manners, finished);
                    changed.notify_all();
                }
                Turn::Wait(until) => {
                    let time = until.saturating_duration_since(Instant::now());
                    let waited = changed.wait_timeout(state, time);
                    state = waited.map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state);
                }
                Turn::End => {
                    changed.notify_all();
                    return;
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut verdicts = shared.into_inner().unwrap_or_else(PoisonError::into_inner).verdicts;
    verdicts.sort_by_key(|(name, _)| *name);
    verdicts
}

/// A thread that panics ends the run anyway.
fn lock<'m, 'a>(shared: &'m Mutex<State<'a>>) -> MutexGuard<'m, State<'a>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
