import DrnCPU
import DrnKernels
import Synchronization

extension MachineModel {
  /// This machine, by kernels of a few milliseconds; measured once in a process for each number of threads.
  public static func measured(threads: Int) -> MachineModel {
    known.withLock { known in
      if let model = known[threads] { return model }
      let model = MachineModel(rates: Machine.measure(threads: threads), threads: threads)
      known[threads] = model
      return model
    }
  }

  private static let known = Mutex<[Int: MachineModel]>([:])
}
