import Foundation

/// A number of bytes in GiB, with one digit after the point: `1.5 GiB`.
public func gibibytes(_ bytes: Double) -> String { String(format: "%.1f GiB", bytes / Double(1 << 30)) }
