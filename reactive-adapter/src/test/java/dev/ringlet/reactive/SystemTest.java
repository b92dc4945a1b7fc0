package dev.ringlet.reactive;

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
}
