package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
final class PublisherRulesNioTest extends PublisherRulesContract {
  PublisherRulesNioTest() {
    super("nio");
  }
}
