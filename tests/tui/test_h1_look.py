from .conftest import Sit
from .playing import played

@played
async def test_look(live, sit: Sit, audit: str) -> None:
    who = live.begun(audit)
    live.grade_all(audit, who, safe_da_assessed="inadequate", heard_seen="requires_improvement")
    import audit_engine.actions.rating as r
    live.rate(audit, who, "rep.plan", grade="requires_improvement")
    for size in ((80, 24), (120, 40)):
        async with sit(live, who, size) as at:
            await at.press("slash"); await at.write(audit); await at.press("enter"); await at.press("enter")
            await at.press("m", "s")
            print("\n" + at.text() + "\n=====")
            await at.press("S")
            print("\n" + at.text() + "\n=====")
            await at.press("1", "t")
            print("\n" + at.text() + "\n=====")
            await at.press("m", "s", "F")
            print("\n" + at.text() + "\n=====")
    live.rate(audit, who, "rep.plan", grade="good")
    live.escalate(audit, who, criterion="safe.da_assessed")
    for size in ((80, 24), (120, 40)):
        async with sit(live, who, size) as at:
            await at.press("slash"); await at.write(audit); await at.press("enter"); await at.press("enter")
            await at.press("s")
            print("\n" + at.text() + "\n=====")
            await at.press("1")
            print("\n" + at.text() + "\n=====")
            await at.press("S")
            print("\n" + at.text() + "\n=====")
            await at.press("1", "3", "enter")
            print("\n" + at.text() + "\n=====")
            if size[0] == 120:
                await at.press("1")
                print("\n" + at.text() + "\n=====")
