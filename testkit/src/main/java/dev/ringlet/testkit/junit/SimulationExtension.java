package dev.ringlet.testkit.junit;

import dev.ringlet.testkit.sim.SimScenario;
import dev.ringlet.testkit.sim.SimSystem;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Runs the tests that have {@link Simulation}. */
@SuppressWarnings("exports") // as RingletExtension
public final class SimulationExtension implements ParameterResolver, InvocationInterceptor {
  /** For JUnit. */
  public SimulationExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SimSystem.class
        && parameter.getDeclaringExecutable() instanceof Method method
        && AnnotationSupport.isAnnotated(method, Simulation.class);
  }

  /** Nothing: each run has its own. */
  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return null;
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context) {
    invocation.skip();
    Simulation settings =
        AnnotationSupport.findAnnotation(call.getExecutable(), Simulation.class)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        context.getDisplayName() + ": use @Simulation instead of @ExtendWith"));
    new SimulationRuns(settings, context, scenario(call)).run();
  }

  private static SimScenario scenario(ReflectiveInvocationContext<Method> call) {
    Method test = call.getExecutable();
    int place = Arrays.asList(test.getParameterTypes()).indexOf(SimSystem.class);
    if (place < 0) {
      throw new IllegalStateException(test + ": a simulation takes a SimSystem as a parameter");
    }
    Object target = call.getTarget().orElse(null);
    return sim -> {
      Object[] arguments = call.getArguments().toArray();
      arguments[place] = sim;
      ReflectionSupport.invokeMethod(test, target, arguments);
    };
  }
}
