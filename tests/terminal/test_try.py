import time
from tests.terminal.conftest import Office

def test_try(office: Office) -> None:
    t=time.time()
    w = office.sit()
    print(time.time()-t)
    print(w.screen())
    office.open(w)
    print(time.time()-t)
    print(w.screen())
    w.keys("2"); 
    print(w.wait_for("saved"))
    w.keys("Y"); print(w.wait_for("Copied"), w.clipboard(), repr(w.title()))
    print(w.told("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{mouse_sgr_flag} #{keypad_flag}"))
    w.keys("C-q"); print(w.ended(), w.is_restored(), w.screen(), time.time()-t)
    print(w.sent()[:300], w.sent()[-300:])
    assert 0
