package dev.ringlet.reactive;

final class StreamIoUringTest extends StreamIoContract {
  StreamIoUringTest() {
    super("uring");
  }
}
