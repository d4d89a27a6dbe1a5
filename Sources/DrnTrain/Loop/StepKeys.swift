import DrnData

/// The random keys of a run: one per purpose and step, drawn from the seed, so that no stream depends on another.
struct StepKeys {
  let seed: UInt64

  func key(_ purpose: String, _ number: Int) -> UInt64 {
    let block = RandomStream(seed: seed, purpose: purpose, name: "key").block(UInt64(number))
    return UInt64(block.0) | UInt64(block.1) << 32
  }
}
