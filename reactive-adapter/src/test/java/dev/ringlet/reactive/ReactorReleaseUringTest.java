package dev.ringlet.reactive;

final class ReactorReleaseUringTest extends ReactorReleaseContract {
  ReactorReleaseUringTest() {
    super("uring");
  }
}
