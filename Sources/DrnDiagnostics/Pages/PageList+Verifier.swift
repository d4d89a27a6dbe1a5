extension Page {
  /// The pages of codes DRN0900 to DRN0999.
  static let verifier: [Page] = [
    Page(
      .defect, meaning: "A program the checker accepted led to a state that should not exist.",
      why: "This is never the user's fault. The message and the source are what is needed to mend drnc.")
  ]
}
