/// Defects of drnc.
extension Code {
  public static let defect = Code(
    901, "defect",
    summary: "drnc met a state that accepted source should never lead to.",
    meaning: "A program the checker accepted led to a state that should not exist.",
    why: "This is never the user's fault. The message and the source are what is needed to mend drnc.")
}
