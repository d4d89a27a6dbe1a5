/// Which of several processes that train together this one is, as the program that started them says in the environment.
public struct ProcessLaunch: Hashable, Sendable {
  /// From 0.
  public let process: Int
  /// At least 1.
  public let processes: Int

  /// Known are a step of Slurm, Open MPI, and `DRNC_PROCESS`, `DRNC_PROCESSES` with `DRNC_COORDINATOR` (HOST:PORT of process 0) by hand. A script
  /// under Slurm that is no step of its own is one process.
  public init(environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let found: (Int?, Int?)
    if environment["DRNC_COORDINATOR"] != nil {
      found = (number("DRNC_PROCESS"), number("DRNC_PROCESSES"))
    } else if environment["SLURM_STEP_NODELIST"] != nil {
      found = (number("SLURM_PROCID"), number("SLURM_STEP_NUM_TASKS") ?? number("SLURM_NTASKS"))
    } else {
      found = (number("OMPI_COMM_WORLD_RANK"), number("OMPI_COMM_WORLD_SIZE"))
    }
    guard let process = found.0, let processes = found.1, processes > 1, (0..<processes).contains(process) else {
      (self.process, self.processes) = (0, 1)
      return
    }
    (self.process, self.processes) = (process, processes)
  }
}
