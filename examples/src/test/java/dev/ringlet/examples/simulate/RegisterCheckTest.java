package dev.ringlet.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Histories that are right, and histories that are not. */
final class RegisterCheckTest {
  private final List<Call> calls = new ArrayList<>();

  /** Whether all calls are of one client, who sends them at once. */
  private boolean pipelines;

  private String nextClient() {
    return pipelines ? "c" : "c" + calls.size();
  }

  private Call set(String value, long begin) {
    return add(new Call(Call.Kind.SET, nextClient(), "k", value, begin));
  }

  private Call get(long begin) {
    return add(new Call(Call.Kind.GET, nextClient(), "k", null, begin));
  }

  private Call del(long begin) {
    return add(new Call(Call.Kind.DEL, nextClient(), "k", null, begin));
  }

  private Call add(Call call) {
    calls.add(call);
    return call;
  }

  private void assertRight() {
    assertNull(RegisterCheck.check(calls));
  }

  private void assertWrong(String time, String call) {
    String problem = RegisterCheck.check(calls);
    assertNotNull(problem);
    String told = problem.lines().skip(1).findFirst().orElseThrow();
    assertTrue(told.startsWith("  " + time) && told.endsWith(call), problem);
  }

  @Test
  void nothingIsRight() {
    assertRight();
  }

  @Test
  void oneAfterTheOther() {
    get(1).read(null, 2);
    set("a", 3).wrote(4);
    get(5).read("a", 6);
    del(7).deleted(true, 8);
    del(9).deleted(false, 10);
    get(11).read(null, 12);
    assertRight();
  }

  @Test
  void acknowledgedWriteIsLost() {
    set("a", 1).wrote(2);
    get(3).read(null, 4);
    assertWrong("3..4", "GET k -> null");
  }

  @Test
  void readIsStale() {
    set("a", 1).wrote(2);
    set("b", 3).wrote(4);
    get(5).read("a", 6);
    assertWrong("5..6", "GET k -> a");
  }

  @Test
  void readsGoBackWhileAWriteIsUnderWay() {
    set("a", 1).wrote(2);
    set("b", 3).wrote(10);
    get(4).read("b", 5);
    get(6).read("a", 7);
    assertWrong("6..7", "GET k -> a");
  }

  @Test
  void readsDuringAWriteMayGoEitherWay() {
    set("a", 1).wrote(2);
    set("b", 3).wrote(10);
    get(4).read("a", 5);
    get(6).read("b", 7);
    assertRight();
  }

  @Test
  void callsSentAtOnceAreExecutedInOrder() {
    set("a", 1).wrote(4);
    get(2).read(null, 5);
    get(3).read("a", 6);
    assertRight();
    calls.clear();
    pipelines = true;
    set("a", 1).wrote(4);
    get(2).read(null, 5);
    get(3).read("a", 6);
    assertWrong("2..5", "GET k -> null");
  }

  /** Four clients with four calls each under way. */
  @Test
  void manyCallsAtOnceAreNoBurden() {
    List<Call> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String client = "c" + i % 4;
      open.add(add(new Call(Call.Kind.SET, client, "k", "v" + i, 2L * i + 1)));
      if (open.size() == 16) {
        Call done = open.remove(0).wrote(2L * i + 2);
        assertTrue(done.isAnswered());
      }
    }
    assertRight();
  }

  @Test
  void valueThatNobodyHasWritten() {
    set("a", 1).wrote(2);
    get(3).read("x", 4);
    assertWrong("", "GET k -> x");
  }

  @Test
  void writeWithoutAnAnswerMayHaveHappened() {
    set("a", 1).wrote(2);
    set("b", 3);
    get(5).read("b", 6);
    get(7).read("b", 8);
    assertRight();
  }

  @Test
  void writeWithoutAnAnswerMayHappenLater() {
    set("a", 1).wrote(2);
    set("b", 3);
    get(5).read("a", 6);
    get(7).read("b", 8);
    assertRight();
  }

  @Test
  void writeWithoutAnAnswerHappensOnce() {
    set("a", 1).wrote(2);
    set("b", 3);
    get(5).read("b", 6);
    set("c", 7).wrote(8);
    get(9).read("b", 10);
    assertWrong("9..10", "GET k -> b");
  }

  @Test
  void writeWithoutAnAnswerDoesNotHappenBeforeItBegins() {
    get(1).read("a", 2);
    set("a", 3);
    assertWrong("1..2", "GET k -> a");
  }

  @Test
  void refusedWriteMayHaveHappened() {
    set("a", 1).refuse();
    get(2).read("a", 3);
    assertRight();
  }

  @Test
  void removalWithoutAnAnswerHappensOnce() {
    set("a", 1).wrote(2);
    del(3);
    get(4).read(null, 5);
    set("b", 6).wrote(7);
    get(8).read(null, 9);
    assertWrong("8..9", "GET k -> null");
  }

  @Test
  void removalTellsWhetherTheKeyWasThere() {
    set("a", 1).wrote(2);
    del(3).deleted(false, 4);
    assertWrong("", "DEL k -> 0");
  }

  @Test
  void valueThatNobodyReadsExplainsARemoval() {
    set("a", 1);
    del(3).deleted(true, 4);
    assertRight();
    del(5).deleted(true, 6);
    assertWrong("5..6", "DEL k -> 1");
  }

  /** Nobody knows of sixty writes whether they have happened, and some are seen much later. */
  @Test
  void manyUnansweredCallsAreNoBurden() {
    SplittableRandom random = new SplittableRandom(7);
    int time = 0;
    List<String> unanswered = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      if (i % 16 == 0) {
        set("u" + i, ++time);
        unanswered.add("u" + i);
      } else if (i % 33 == 0) {
        del(++time);
      } else if (i % 40 == 0 && !unanswered.isEmpty()) {
        String seen = unanswered.remove(random.nextInt(unanswered.size()));
        get(++time).read(seen, ++time);
      } else {
        set("v" + i, ++time).wrote(++time);
        get(++time).read("v" + i, ++time);
      }
    }
    assertRight();
    set("last", ++time).wrote(++time);
    get(++time).read("v1", ++time);
    assertWrong("", "GET k -> v1");
  }

  /** Small histories, right and wrong ones, judged as all orders of their calls judge them. */
  @Test
  void judgesAsTryingAllOrdersDoes() {
    int wrong = 0;
    for (int seed = 0; seed < 4000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      calls.clear();
      randomCalls(random);
      boolean right = canGoOn(null, new ArrayList<>(calls));
      assertEquals(right, RegisterCheck.check(calls) == null, () -> "calls: " + calls);
      wrong += right ? 0 : 1;
    }
    assertTrue(wrong > 400 && wrong < 3600, "wrong ones: " + wrong);
  }

  private void randomCalls(SplittableRandom random) {
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      long begin = random.nextInt(12) * 20L + i;
      long end = begin + 10 + random.nextInt(6) * 20L;
      switch (random.nextInt(4)) {
        case 0 -> {
          Call call = set("v" + i, begin);
          if (random.nextInt(3) > 0) {
            call.wrote(end);
          }
        }
        case 1 -> {
          Call call = del(begin);
          if (random.nextInt(3) > 0) {
            call.deleted(random.nextBoolean(), end);
          }
        }
        default -> {
          int value = random.nextInt(count + 1) - 1;
          get(begin).read(value < 0 ? null : "v" + value, end);
        }
      }
    }
  }

  private static boolean canGoOn(@Nullable String value, List<Call> left) {
    if (left.stream().noneMatch(Call::isAnswered)) {
      return true;
    }
    long firstEnd = left.stream().mapToLong(Call::end).min().orElseThrow();
    for (Call call : left) {
      if (call.begin() < firstEnd && call.allows(value)) {
        List<Call> rest = new ArrayList<>(left);
        rest.remove(call);
        if (canGoOn(call.after(value), rest)) {
          return true;
        }
      }
    }
    return false;
  }
}
