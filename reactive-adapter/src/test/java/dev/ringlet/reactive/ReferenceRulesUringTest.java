package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
final class ReferenceRulesUringTest extends ReferenceRulesContract {
  ReferenceRulesUringTest() {
    super("uring");
  }
}
