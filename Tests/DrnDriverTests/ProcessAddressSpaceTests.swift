import CKernels
import DrnTestSupport
import Foundation
import Testing

#if os(Linux)
  @Suite("Little address space") struct ProcessAddressSpaceTests {
    private static let least = Int(drn_least_mebibytes)

    /// Below 150 MiB the system's loader cannot map the libraries, says so, and ends with 127.
    @Test(
      "a command in little address space runs or ends with an error; it neither hangs nor is ended by a signal",
      arguments: [40, 150, 200, 300, 500, Self.least - 1, Self.least, 800, 1000, 1500])
    func limits(mebibytes: Int) throws {
      let folder = try TemporaryFolder()
      for command in ["explain DRN0301", "train '\(Models.path("tiny"))' --stop-after '2 steps' --quiet --output run\(mebibytes)"] {
        let outcome = try Tool.shell(
          "(ulimit -v \(mebibytes * 1024); exec timeout -s KILL 120 \"$DRNC\" \(command)); echo \"status $?\"", folder: folder.path)
        let status = outcome.output.split(separator: "\n").last.map(String.init) ?? ""
        let expected = mebibytes >= Self.least ? ["status 0"] : ["status 1", "status 127"]
        #expect(expected.contains(status), "\(command): \(outcome)")
        if status == "status 1" { #expect(outcome.error.contains("error[DRN0602]")) }
      }
    }

    @Test("what does not fit in the addresses left is refused as what does not fit in memory is") func plan() throws {
      let folder = try TemporaryFolder()
      let network = "return x |> fc1: linear(20000) |> relu |> fc2: linear(10000) |> head: linear(10)"
      try folder.write(
        "large.drn",
        """
        data points { source: synthetic(100)  x: tensor[10]  label: class(10) }
        network net(x: tensor[10]) -> tensor[10] { \(network) }
        train net on points { length: 1 epochs  batch: 10  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.1 }
        """)
      // Weights of 800 MB.
      let outcome = try Tool.shell("ulimit -v 900000; \"$DRNC\" check large.drn; echo \"status $?\"", folder: folder.path)
      #expect(outcome.output.hasSuffix("status 1\n") && outcome.error.contains("error[DRN0602]"), "\(outcome)")
    }
  }
#endif
