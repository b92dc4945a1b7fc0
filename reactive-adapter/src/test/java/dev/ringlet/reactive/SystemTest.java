package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.executor.ExecutorPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests that share a system, on the driver that is taken by default. */
abstract class SystemTest {
  static TestSystem system;

  @BeforeAll
  static void openSystem() {
    system = TestSystem.open(ExecutorPool.AUTO);
  }

  @AfterAll
  static void closeSystem() {
    system.close();
  }

  /** Whatever a test does, its actors stop by themselves, or it has told what to end. */
  @AfterEach
  void endTest() {
    system.endTest();
  }

  /**
   * Streams lose no message to an actor that has gone, however they end.
   *
   * @param streams ends some; it is run many times
   */
  static void expectNoDeadLetters(Runnable streams) {
    system.awaitQuiescence();
    long before = system.system().stats().deadLetters();
    for (int round = 0; round < 200; round++) {
      streams.run();
    }
    system.awaitQuiescence();
    assertEquals(before, system.system().stats().deadLetters());
  }
}
