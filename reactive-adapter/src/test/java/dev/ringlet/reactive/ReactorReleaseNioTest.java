package dev.ringlet.reactive;

final class ReactorReleaseNioTest extends ReactorReleaseContract {
  ReactorReleaseNioTest() {
    super("nio");
  }
}
