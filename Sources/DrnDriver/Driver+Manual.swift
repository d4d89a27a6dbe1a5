import DrnDiagnostics
import DrnJSON

extension Driver {
  /// `drnc manual`: the manual page, made of what the argument parser says of itself, which is given as JSON.
  public func printManual(_ description: String) -> ExitStatus {
    guard let json = try? JSON(reading: Array(description.utf8)), let tool = json["command"] else {
      return refuse(Diagnostic(.defect, "the argument parser describes itself by something that is not read", at: nil), .defect)
    }
    console.output(ManualPage(tool: tool, version: Self.version).text)
    return .success
  }
}
