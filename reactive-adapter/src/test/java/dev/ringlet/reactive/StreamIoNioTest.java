package dev.ringlet.reactive;

final class StreamIoNioTest extends StreamIoContract {
  StreamIoNioTest() {
    super("nio");
  }
}
