package dev.ringlet.reactive;

final class OnePublisherNioTest extends OnePublisherContract {
  OnePublisherNioTest() {
    super("nio");
  }
}
