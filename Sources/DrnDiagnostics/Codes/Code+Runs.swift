/// The use of a run that has ended.
extension Code {
  public static let notContinuable = Code(
    821, "not_continuable",
    summary: "The network cannot go on with a text.",
    meaning:
      "It takes no `tokens[T]`, or was not trained on `next_token(n)`; or the layer that is shown needs the whole sequence at once, as attention without `causal` and a convolution over several positions do.",
    why:
      "A text is continued token by token: each layer keeps what it needs of the positions before. What a layer sees of later positions is not there yet."
  )

  public static let promptUnknown = Code(
    822, "prompt_unknown",
    summary: "The prompt is empty, or has a character that the network does not know.",
    meaning:
      "The vocabulary of a run by characters is what its text had. The message names the character and its place, the help shows those there are.",
    why: "A character without a number cannot be put to the network, and leaving it out would continue another text.")
}
