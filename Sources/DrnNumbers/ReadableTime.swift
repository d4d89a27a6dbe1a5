import Foundation

/// A duration for people: `0.42 ms`, `31.6 s`, `12 min 04 s`, `2 h 05 min`.
public func readableTime(seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e15 else { return "unknown" }
  if seconds < 1 { return String(format: "%.2f ms", seconds * 1e3) }
  if seconds < 99.95 { return String(format: "%.1f s", seconds) }
  let whole = Int(seconds.rounded())
  if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
  let minutes = Int((seconds / 60).rounded())
  return String(format: "%d h %02d min", minutes / 60, minutes % 60)
}
