import DrnProgram
import DrnSema
import Synchronization

/// Looks at data files once: a keystroke does not open them again.
final class RememberedHeaders: DataHeaders {
  private let source: any DataHeaders
  private let known = Mutex<[DataRequest: DataFinding]>([:])

  init(_ source: any DataHeaders) { self.source = source }

  func look(_ request: DataRequest) -> DataFinding {
    if let finding = known.withLock({ $0[request] }) { return finding }
    let finding = source.look(request)
    known.withLock { $0[request] = finding }
    return finding
  }

  /// Files may have changed.
  func forget() { known.withLock { $0 = [:] } }
}
