#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory of this machine, in bytes.
public enum MachineMemory {
  /// What this process may ever have: the machine's memory, or less where its control group or its address space is limited.
  public static var limit: Int { min(physical, controlGroupLimit ?? Int.max, addressSpace.map { max(0, $0 - librariesShare) } ?? Int.max) }

  /// What can be had now without taking it from other processes; more than that makes the system end one of them.
  public static var available: Int { min(limit, free ?? Int.max, freeAddresses ?? Int.max) }

  /// Addresses that libraries, stacks of threads and the allocator's own arenas map while a program runs.
  private static let librariesShare = 256 << 20

  /// The limit of `ulimit -v`; `nil` where there is none.
  private static var addressSpace: Int? {
    var limit = rlimit()
    #if canImport(Glibc)
      let code = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let code = getrlimit(RLIMIT_AS, &limit)
    #endif
    return code == 0 && limit.rlim_cur < UInt64(Int.max) ? Int(limit.rlim_cur) : nil
  }

  /// What is left of it, by the pages mapped now.
  private static var freeAddresses: Int? {
    guard let addressSpace, let pages = text("/proc/self/statm")?.split(separator: " ").first.flatMap({ Int($0) }) else { return nil }
    return max(0, addressSpace - pages * Int(sysconf(Int32(_SC_PAGESIZE))) - librariesShare)
  }

  private static var physical: Int {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    return pages > 0 && size > 0 && !overflow ? bytes : Int.max
  }

  /// `MemAvailable` of Linux; `nil` elsewhere.
  private static var free: Int? {
    guard let line = text("/proc/meminfo")?.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }) else { return nil }
    let words = line.split(separator: " ")
    guard words.count == 3, words[2] == "kB", let kibibytes = Int(words[1]) else { return nil }
    return kibibytes.multipliedReportingOverflow(by: 1024).partialValue
  }

  /// The limit of control groups, in bytes: version 2 by the group of this process, version 1 by the root of its hierarchy; "max" is no
  /// number and no limit.
  private static var controlGroupLimit: Int? {
    let group = text("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::/") }?.dropFirst(3) ?? "/"
    let files = ["/sys/fs/cgroup\(group == "/" ? "" : group)/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    return files.lazy.compactMap { text($0)?.split(separator: "\n").first.flatMap { Int($0) } }.first
  }

  /// The start of a small file of the system.
  private static func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
