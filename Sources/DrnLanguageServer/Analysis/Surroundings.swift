import DrnDiagnostics
import DrnProgram
import DrnSema

/// What the server sees of the machine it runs on.
public struct Surroundings: Sendable {
  /// The bytes of a file, or `nil` when it cannot be read.
  public var read: @Sendable (_ path: String) -> [UInt8]?
  /// The paths of the programs below a folder, in a fixed order.
  public var programs: @Sendable (_ folder: String) -> [String]
  /// A look at data files.
  public var headers: any DataHeaders
  /// Where the page of a code can be opened.
  public var page: @Sendable (Code) -> String?

  /// By default nothing is there.
  public init(
    read: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }, programs: @escaping @Sendable (String) -> [String] = { _ in [] },
    headers: any DataHeaders = NoDataHeaders(), page: @escaping @Sendable (Code) -> String? = { _ in nil }
  ) {
    self.read = read
    self.programs = programs
    self.headers = headers
    self.page = page
  }
}
