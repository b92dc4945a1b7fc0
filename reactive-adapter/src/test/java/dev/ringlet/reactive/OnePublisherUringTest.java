package dev.ringlet.reactive;

final class OnePublisherUringTest extends OnePublisherContract {
  OnePublisherUringTest() {
    super("uring");
  }
}
