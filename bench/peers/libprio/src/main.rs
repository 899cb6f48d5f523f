// One line of JSON a measurement type: seconds to shard one report, and to verify it at both aggregators together, one thread.
// Also one whole report in hex, so that ours can be shown to read theirs. Built by bench/src/suites/privacy.ts with cargo, run by it.
use prio::codec::Encode;
use prio::field::Field64;
use prio::flp::gadgets::{Mul, ParallelSum};
use prio::flp::types::SumVec;
use prio::vdaf::prio3::Prio3;
use prio::vdaf::{xof::XofTurboShake128, Aggregator, Client, VerifyTransition};
use std::hint::black_box;
use std::time::Instant;

const CTX: &[u8] = b"bench";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Median of five medians is overkill: the fastest of three rounds of at least 0.3 s each.
fn seconds(mut run: impl FnMut()) -> f64 {
    run();
    (0..3)
        .map(|_| {
            let start = Instant::now();
            let mut n = 0;
            while start.elapsed().as_secs_f64() < 0.3 {
                run();
                n += 1;
            }
            start.elapsed().as_secs_f64() / n as f64
        })
        .fold(f64::INFINITY, f64::min)
}

fn report<T>(name: &str, vdaf: &Prio3<T, XofTurboShake128, 32>, measurement: &T::Measurement)
where
    T: prio::flp::Type,
{
    let nonce = [7u8; 16];
    let key = [9u8; 32];
    let (public, inputs) = vdaf.shard(CTX, measurement, &nonce).unwrap();
    let shard = seconds(|| {
        black_box(vdaf.shard(CTX, black_box(measurement), &nonce).unwrap());
    });
    let verify = || {
        let (states, shares): (Vec<_>, Vec<_>) = (0..2)
            .map(|j| vdaf.verify_init(&key, CTX, j, &(), &nonce, &public, &inputs[j]).unwrap())
            .unzip();
        let first = shares.iter().map(|s| s.get_encoded().unwrap()).collect::<Vec<_>>();
        let message = vdaf.verifier_shares_to_message(CTX, &(), shares).unwrap();
        for state in states {
            match vdaf.verify_next(CTX, state, message.clone()).unwrap() {
                VerifyTransition::Finish(out) => black_box(out),
                VerifyTransition::Continue(..) => panic!("one round only"),
            };
        }
        first
    };
    let both = seconds(|| {
        black_box(verify());
    });
    let shares = verify();
    println!(
        "{{\"name\":\"{name}\",\"shard\":{shard:e},\"verify\":{both:e},\"publicShare\":\"{}\",\"inputShares\":[\"{}\",\"{}\"],\"verifierShares\":[\"{}\",\"{}\"]}}",
        hex(&public.get_encoded().unwrap()),
        hex(&inputs[0].get_encoded().unwrap()),
        hex(&inputs[1].get_encoded().unwrap()),
        hex(&shares[0]),
        hex(&shares[1]),
    );
}

fn main() {
    // Chunk lengths are ours, given on the command line, so that both prove the same circuit: name=chunk …
    let chunk = |name: &str, other: usize| {
        std::env::args()
            .find_map(|a| a.strip_prefix(&format!("{name}=")).map(|v| v.parse().unwrap()))
            .unwrap_or(other)
    };
    report("Count", &Prio3::new_count(2).unwrap(), &true);
    report("Sum 32 bits", &Prio3::new_sum(2, u32::MAX.into()).unwrap(), &123_456);
    let c = chunk("histogram100", 10);
    report("Histogram 100", &Prio3::new_histogram(2, 100, c).unwrap(), &3);
    let c = chunk("histogram256", 16);
    report("Histogram 256", &Prio3::new_histogram(2, 256, c).unwrap(), &3);
    let c = chunk("sumvec1", 32);
    report("SumVec 1000 x 1 bit", &Prio3::new_sum_vec(2, 1, 1000, c).unwrap(), &vec![1; 1000]);
    let c = chunk("sumvec16", 127);
    report("SumVec 1000 x 16 bits", &Prio3::new_sum_vec(2, 65535, 1000, c).unwrap(), &vec![12345; 1000]);
    let multi = Prio3::<_, XofTurboShake128, 32>::new(
        2,
        3,
        0xffff_ffff,
        SumVec::<Field64, ParallelSum<Field64, Mul>>::new(65535, 1000, c).unwrap(),
    )
    .unwrap();
    report("SumVec 1000 x 16 bits, Field64, 3 proofs", &multi, &vec![12345; 1000]);
}
