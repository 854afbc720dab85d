echo begun
(sleep 30; echo late > late.txt) &
sleep 30
echo late > late.txt
