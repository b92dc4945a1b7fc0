package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
final class ReferenceRulesNioTest extends ReferenceRulesContract {
  ReferenceRulesNioTest() {
    super("nio");
  }
}
