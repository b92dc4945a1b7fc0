package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
final class PublisherRulesUringTest extends PublisherRulesContract {
  PublisherRulesUringTest() {
    super("uring");
  }
}
